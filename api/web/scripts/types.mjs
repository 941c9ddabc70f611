// Writes src/api/schema.d.ts from the API's OpenAPI document: a URL or a file, in PROXIE_OPENAPI.
// With --check it writes nothing, and ends with 1 if the file is not what it would write.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const source = process.env.PROXIE_OPENAPI ?? 'http://127.0.0.1:8080/api/openapi.json';
const target = new URL('../src/api/schema.d.ts', import.meta.url);
const text = URL.canParse(source) ? await (await fetch(source)).text() : await readFile(source, 'utf8');
const document = JSON.parse(text);
// Each answer repeats the same headers, which no type is read from: half of the file.
for (const operations of Object.values(document.paths)) {
  for (const { responses } of Object.values(operations)) {
    for (const response of Object.values(responses ?? {})) delete response.headers;
  }
}
const head = '// Generated from the API by `npm run types`; do not edit.\n\n';
const types = head + astToString(await openapiTS(document));
if (!process.argv.includes('--check')) {
  await writeFile(target, types);
} else if ((await readFile(target, 'utf8')) !== types) {
  console.error('src/api/schema.d.ts is not what the API says: npm run types');
  process.exit(1);
}
