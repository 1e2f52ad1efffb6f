// Judges every statement of the files `*.xapi.json` of a folder by xapi-validation.
const fs = require("fs");
const path = require("path");
const [library, folder] = process.argv.slice(2);
const { default: validate } = require(path.resolve(library));

const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));
const judge = (statement) => validate(statement).map(String);
const files = fs.readdirSync(folder).filter((name) => name.endsWith(".xapi.json"));
let count = 0;
let wrong = 0;
for (const name of files) {
  for (const statement of read(name)) {
    count += 1;
    const warnings = judge(statement);
    wrong += warnings.length > 0;
    for (const warning of warnings) console.log(`${name} ${statement.id}: ${warning}`);
  }
}
// That the judge is awake: each of these is refused.
const [sound] = read(files[0]);
const bad = [
  { ...sound, id: "1" },
  { ...sound, timestamp: "yesterday" },
  { ...sound, actor: { name: "nobody" } },
  { ...sound, verb: {} },
  { ...sound, result: { score: { scaled: 2 } } },
];
const passed = bad.filter((statement) => judge(statement).length === 0).length;
console.log(`xapi-validation: ${count} statements, ${wrong} refused; ${bad.length - passed} of ${bad.length} bad ones refused`);
process.exit(wrong || passed || count < 10 ? 1 : 0);
