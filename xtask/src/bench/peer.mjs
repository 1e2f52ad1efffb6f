// `@digitalbazaar/eddsa-jcs-2022-cryptosuite` as its users use it, for `cargo xtask bench`: bundled
// for the browser by esbuild. Nothing is fetched: keys are worked out of their did:key, and the suite
// needs no contexts.
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as cryptosuite from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import jsigs from 'jsonld-signatures';

const suite = () => new DataIntegrityProof({ cryptosuite: cryptosuite.createVerifyCryptosuite() });

async function documentLoader(url) {
  const [did, fragment] = url.split('#');
  if (!did.startsWith('did:key:z6Mk')) throw new Error(`asked to fetch ${url}`);
  const multibase = did.slice('did:key:'.length);
  const method = `${did}#${multibase}`;
  const document = fragment === undefined
    ? { '@context': ['https://www.w3.org/ns/did/v1'], id: did, assertionMethod: [method] }
    : {
      '@context': 'https://w3id.org/security/multikey/v1',
      id: method,
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: multibase,
    };
  return { contextUrl: null, documentUrl: url, document };
}

/** The documented way: signature and purpose. */
async function whole(text) {
  const found = await jsigs.verify(JSON.parse(text), {
    suite: suite(),
    purpose: new jsigs.purposes.AssertionProofPurpose(),
    documentLoader,
  });
  return found.verified;
}

/** The suite alone, one level below: the proof, whoever may make it. */
async function proofOnly(text) {
  const { proof: [proof], ...document } = JSON.parse(text);
  const found = await suite().verifyProof({ proof, document, proofSet: [proof], documentLoader });
  return found.verified;
}

/** How many hold, so many in flight at a time. */
async function count(verify, texts, inFlight) {
  let held = 0;
  for (let at = 0; at < texts.length; at += inFlight) {
    const found = await Promise.all(texts.slice(at, at + inFlight).map(verify));
    held += found.filter(Boolean).length;
  }
  return held;
}

export const peers = {
  'whole, one at a time': texts => count(whole, texts, 1),
  'whole, 64 in flight': texts => count(whole, texts, 64),
  'proof alone, one at a time': texts => count(proofOnly, texts, 1),
  'proof alone, 64 in flight': texts => count(proofOnly, texts, 64),
};
