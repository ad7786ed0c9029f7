// One replication of PouchDB with a server: node peer.cjs push|sync|pull URL FOLDER [DOCS.json]
// Documents are written first; then only the replication is timed. Prints {"seconds", "tries", "docs"}.
const http = require("http");
const fs = require("fs");
const PouchDB = require("pouchdb");

const [action, url, folder, docs] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true });
const overOneConnection = (address, options) => PouchDB.fetch(address, { ...options, agent });
const here = new PouchDB(folder);
const there = new PouchDB(url, { skip_setup: true, fetch: overOneConnection });
const replicate = { push: () => here.replicate.to(there), pull: () => here.replicate.from(there), sync: () => here.sync(there) };
const MOST_TRIES = 20;

async function main() {
  if (docs) await here.bulkDocs(JSON.parse(fs.readFileSync(docs, "utf8")));
  const begun = process.hrtime.bigint();
  let tries = 0;
  for (;;) {
    tries += 1;
    try {
      await replicate[action]();
      break;
    } catch (fault) {
      if (tries === MOST_TRIES) throw fault;
    }
  }
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  console.log(JSON.stringify({ seconds, tries, docs: (await here.info()).doc_count }));
  agent.destroy();
  await here.close();
}

main().catch((fault) => {
  console.error(fault);
  process.exit(1);
});
