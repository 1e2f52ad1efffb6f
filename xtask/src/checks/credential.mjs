// Verifies our signed records and signs some for us: node credential.mjs OURS THEIRS
//
// OURS is { records: [{ name, sound, credential }], unsigned: [{ document, signers: [{ seed,
// options }] }], chains: [{ name, document, proof, keys }] }. A chain's later proofs are verified over the
// document with the proofs that they name (Data Integrity 1.0, 4.5), which the library leaves to
// its caller. THEIRS becomes [{ sound, credential }].
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as suite from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import jsonld from 'jsonld';
import jsigs from 'jsonld-signatures';
import { contexts } from '@digitalbazaar/credentials-context';

const [ours, theirs] = process.argv.slice(2);
const { records, unsigned, chains } = JSON.parse(readFileSync(ours, 'utf8'));
const fail = (what) => {
  throw new Error(what);
};
const copy = (value) => JSON.parse(JSON.stringify(value));

// did:key, worked out and never fetched; contexts as the libraries ship them.
const EXAMPLES = 'https://www.w3.org/ns/credentials/examples/v2';
const documentLoader = vc.defaultDocumentLoader && (async (url) => {
  const loaded = (document) => ({ contextUrl: null, documentUrl: url, document });
  if (contexts.has(url)) return loaded(contexts.get(url));
  if (url === EXAMPLES) {
    return loaded({ '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } });
  }
  const [did, fragment] = url.split('#');
  if (!did.startsWith('did:key:z6Mk')) return fail(`asked to fetch ${url}`);
  const multibase = did.slice('did:key:'.length);
  const method = `${did}#${multibase}`;
  if (fragment !== undefined) {
    if (url !== method) fail(`no such key: ${url}`);
    return loaded({
      '@context': 'https://w3id.org/security/multikey/v1',
      id: method,
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: multibase,
    });
  }
  return loaded({
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: did,
    assertionMethod: [method],
  });
});
const verifier = () => new DataIntegrityProof({ cryptosuite: suite.createVerifyCryptosuite() });

// The first proof by the whole library, as an issuer's; each later one over the document with those
// that it names.
async function verify(credential) {
  const all = Array.isArray(credential.proof) ? credential.proof : [credential.proof];
  const first = await vc.verifyCredential({
    credential: { ...copy(credential), proof: copy(all[0]) },
    suite: verifier(),
    documentLoader,
    now: new Date(Date.parse(credential.validFrom) + 86_400_000),
  });
  if (!first.verified) return false;
  for (const proof of all.slice(1)) {
    const named = [proof.previousProof].flat();
    const previous = all.filter((other) => named.includes(other.id));
    if (previous.length !== named.length) return false;
    const document = { ...copy(credential), proof: copy(previous) };
    const found = await verifier().verifyProof({ proof: copy(proof), document, proofSet: all, documentLoader });
    if (!found.verified) return false;
  }
  return true;
}

let [held, refused] = [0, 0];
for (const { name, sound, credential } of records) {
  const verified = await verify(credential).catch((error) => (sound ? fail(`${name}: ${error}`) : false));
  if (verified !== sound) fail(`${name}: here it ${sound ? 'holds' : 'does not hold'}, there it is the other way`);
  if (sound) held += 1;
  else refused += 1;
}
console.log(`@digitalbazaar agrees on ${held} of our records that hold and ${refused} changed ones`);

// Signed by them.
const signed = [];
for (const { document, signers } of unsigned) {
  let credential = copy(document);
  const proofs = [];
  for (const { seed, options } of signers) {
    const key = await Ed25519Multikey.generate({ seed: Uint8Array.from(seed) });
    const did = `did:key:${key.publicKeyMultibase}`;
    key.controller = did;
    key.id = `${did}#${key.publicKeyMultibase}`;
    const signing = new DataIntegrityProof({
      signer: key.signer(),
      cryptosuite: suite.createSignCryptosuite(),
    });
    signing.proof = copy(options);
    if (proofs.length === 0) {
      credential = await vc.issue({ credential, suite: signing, documentLoader });
      proofs.push(credential.proof);
    } else {
      const previous = copy(proofs.slice(-1));
      signing.proof.previousProof = previous[0].id;
      const proof = await signing.createProof({
        document: { ...copy(document), proof: previous },
        purpose: new jsigs.purposes.AssertionProofPurpose(),
        proofSet: [],
        documentLoader,
      });
      proofs.push(proof);
      credential = { ...copy(document), proof: copy(proofs) };
    }
  }
  if (!(await verify(credential))) fail('they do not verify what they signed');
  signed.push({ sound: true, credential });
  // A changed member at every depth.
  const changed = copy(credential);
  changed.credentialSubject.record.body.person.name += '𠮷';
  signed.push({ sound: false, credential: changed });
  for (const at of [credential.proof].flat().keys()) {
    const other = copy(credential);
    const proof = Array.isArray(other.proof) ? other.proof[at] : other.proof;
    proof.created = '2026-11-26T00:00:00Z';
    signed.push({ sound: false, credential: other });
  }
}
writeFileSync(theirs, JSON.stringify(signed));
console.log(`@digitalbazaar signed ${signed.length} for us, changed ones included`);

// The W3C's proof chains, whose signatures are of the suite eddsa-rdfc-2022.
const hash = async (document) => {
  const text = await jsonld.canonize(document, {
    algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true, base: null,
  });
  return createHash('sha256').update(text).digest();
};
for (const { name, document, proof, keys } of chains) {
  const { proofValue, ...config } = proof;
  const data = Buffer.concat([
    await hash({ '@context': document['@context'], ...config }),
    await hash(document),
  ]);
  const { decode } = await import('base58-universal');
  const signature = decode(proofValue.slice(1));
  let holds = false;
  for (const publicKeyMultibase of keys) {
    const key = await Ed25519Multikey.from({
      type: 'Multikey', id: '#key', controller: '#me', publicKeyMultibase,
    });
    holds ||= await key.verifier().verify({ data, signature });
  }
  if (!holds) fail(`${name}: the W3C's proof does not hold over the document that we make`);
}
console.log(`${chains.length} proofs of the W3C's chains hold over the documents that we make`);
