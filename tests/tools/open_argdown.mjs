// Opens an Argdown file with the parser of Argdown and prints what it found as JSON.
import fs from "node:fs";
import { ArgdownApplication, DataPlugin, ModelPlugin, ParserPlugin } from "@argdown/core";

const app = new ArgdownApplication();
app.addPlugin(new ParserPlugin(), "parse-input");
app.addPlugin(new DataPlugin(), "build-model");
app.addPlugin(new ModelPlugin(), "build-model");
const input = fs.readFileSync(process.argv[2], "utf8");
const result = app.run({ input, process: ["parse-input", "build-model"], logLevel: "silent" });
const statements = Object.values(result.statements ?? {}).map((each) => ({
  title: each.title,
  texts: each.members.filter((member) => !member.isReference).map((member) => member.text),
  tags: each.tags,
  data: each.data,
}));
const relations = (result.relations ?? []).map((each) => [each.from.title, each.relationType, each.to.title]);
const errors = [...(result.lexerErrors ?? []), ...(result.parserErrors ?? [])].map((error) => error.message);
const found = { errors, statements, relations, args: Object.keys(result.arguments ?? {}), title: result.frontMatter?.title };
fs.writeFileSync(process.argv[3], JSON.stringify(found));
process.exit(0);
