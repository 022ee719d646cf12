import { record } from './record.ts';

const files = await record(process.argv.slice(2));
console.log(
  files.length === 0 ? 'Every shape has a history already.' : files.map((file) => `recorded ${file}`).join('\n'),
);
process.exit(0);
