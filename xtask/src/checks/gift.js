// Reads every example with npm gift-pegjs and compares with what the portal's reader printed.
// node gift.js <gift-pegjs folder> <ours.json> <folder of examples> [--write | --pairs]
// With --pairs the .json beside an example says what is expected of it; where there is none, or the
// package itself reads it otherwise, that is told.
// With --write the results of gift-pegjs are kept beside the examples, for tests without Node.js.
const fs = require('node:fs');
const path = require('node:path');
const assert = require('node:assert');

const [library, ours, folder, flag] = process.argv.slice(2);
const { parse } = require(library);

// gift-pegjs 1.0.2 leaves its own stand-ins for escaped signs in the right sides of pairs.
const decode = text =>
    text.replace(/&&(092|058|035|061|123|125|126);|&&010/g, (all, code) =>
        code ? String.fromCharCode(Number(code)) : '\n');

const text = value => value ? { format: value.format, text: value.text } : null;
const number = value => value.type ? {
    type: value.type,
    ...(value.type === 'high-low'
        ? { numberLow: value.numberLow, numberHigh: value.numberHigh }
        : value.type === 'range'
            ? { number: value.number, range: value.range }
            : { number: value.number }),
} : { type: 'any' };
const choice = (value, what) => ({
    isCorrect: value.isCorrect, weight: value.weight ?? null, text: what(value.text), feedback: text(value.feedback),
});

function normal(item) {
    if (item.type === 'Category') return { type: 'Category', title: item.title };
    const out = {
        type: item.type, id: item.id ?? null, tags: item.tags ?? null, title: item.title ?? null,
        stem: text(item.stem), hasEmbeddedAnswers: item.hasEmbeddedAnswers,
    };
    if (item.type === 'Description') return out;
    out.globalFeedback = text(item.globalFeedback);
    switch (item.type) {
        case 'TF':
            Object.assign(out, {
                isTrue: item.isTrue, trueFeedback: text(item.trueFeedback), falseFeedback: text(item.falseFeedback),
            });
            break;
        case 'MC':
        case 'Short':
            out.choices = item.choices.map(value => choice(value, text));
            break;
        case 'Numerical':
            out.choices = Array.isArray(item.choices) ? item.choices.map(value => choice(value, number)) : number(item.choices);
            break;
        case 'Matching':
            out.matchPairs = item.matchPairs.map(pair => ({
                subquestion: text(pair.subquestion), subanswer: decode(pair.subanswer),
            }));
    }
    return out;
}

// The project's files have been written in the words of three of its versions. What a version
// does not say, such as the format of a text, is undefined here and not compared.
const loose = value => typeof value === 'string' ? { text: value } : value ?? null;
function spelled(item) {
    if (item.type === 'Category') return item;
    const choices = item.choices;
    return {
        ...item,
        stem: loose(item.formattedStem ?? item.stem),
        globalFeedback: loose(item.formattedGlobalFeedback ?? item.globalFeedback),
        trueFeedback: loose(item.trueFeedback ?? item.incorrectFeedback),
        falseFeedback: loose(item.falseFeedback ?? item.correctFeedback),
        choices: Array.isArray(choices) ? choices.map(value => ({
            ...value,
            text: item.type === 'Numerical'
                ? value.answer === '*' ? {} : value.answer ?? value.text
                : loose(value.formattedText ?? value.text),
            feedback: loose(value.formattedFeedback ?? value.feedback),
        })) : choices,
        matchPairs: item.matchPairs?.map(pair => ({
            ...pair, subquestion: loose(pair.formattedSubquestion ?? pair.subquestion),
        })),
    };
}
function isSame(ours, expected) {
    if (expected === undefined) return true;
    if (expected === null || typeof expected !== 'object') return ours === expected;
    if (ours === null || typeof ours !== 'object') return false;
    if (Array.isArray(expected) && ours.length !== expected.length) return false;
    return Object.keys(expected).every(key => isSame(ours[key], expected[key]))
        && Object.keys(ours).every(key => key in expected);
}

const found = JSON.parse(fs.readFileSync(ours, 'utf8'));
const names = fs.readdirSync(folder).filter(name => name.endsWith('.gift')).sort();
let equal = 0;
let told = 0;
const wrong = [];
for (const name of names) {
    let theirs;
    let expected;
    try {
        theirs = parse(fs.readFileSync(path.join(folder, name), 'utf8')).map(normal);
    } catch (error) {
        if (flag !== '--pairs') {
            wrong.push(`${name}: gift-pegjs does not read it: ${error.message}`);
            continue;
        }
        console.log(`${name}: gift-pegjs itself does not read it: ${error.message}`);
    }
    const golden = path.join(folder, name.replace(/gift$/, 'json'));
    if (flag === '--pairs' && fs.existsSync(golden)) {
        told += 1;
        expected = JSON.parse(fs.readFileSync(golden, 'utf8')).map(item => normal(spelled(item)));
        if (theirs && !isSame(theirs, expected)) console.log(`${name}: gift-pegjs itself reads it otherwise`);
    }
    if (flag === '--write') {
        fs.writeFileSync(path.join(folder, name.replace(/gift$/, 'json')), JSON.stringify(theirs, null, 1) + '\n');
    }
    try {
        if (!expected || !isSame(found[name], expected)) assert.deepStrictEqual(found[name], expected ?? theirs);
        equal += 1;
    } catch (error) {
        wrong.push(`${name}: ${error.message}`);
    }
}
for (const line of wrong) console.log(line);
console.log(flag === '--pairs'
    ? `pairs: ${equal} of ${names.length} as expected, ${told} of them by their .json, the others by the package`
    : `${equal} of ${names.length} examples read as gift-pegjs reads them`);
process.exit(wrong.length ? 1 : 0);
