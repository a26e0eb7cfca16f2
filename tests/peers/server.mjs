// `server.mjs PEER`, started by bench.mjs: serves a peer in a process of its own and says where.

import { peers } from "./peers.mjs";

process.send(await peers[process.argv[2]].serve());
process.on("disconnect", () => process.exit());
