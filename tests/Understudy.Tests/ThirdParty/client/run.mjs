// Runs a graph on a ComfyUI server: node run.mjs HOST:PORT GRAPH.json
// Prints one line of JSON: what was heard of progress, and what the output nodes gave.
import { readFile } from "node:fs/promises";
import { Client } from "@stable-canvas/comfyui-client";
import WebSocket from "ws";

const [host, path] = process.argv.slice(2);
const graph = JSON.parse(await readFile(path, "utf8"));
const client = new Client({ api_host: host, WebSocket, fetch });
const heard = { progress: [], executing: [], previews: 0 };
client.on("progress", ({ node, value, max }) => heard.progress.push({ node, value, max }));
client.on("executing", ({ node }) => heard.executing.push(node));
client.on("b_preview", () => heard.previews++);

try {
  const nodes = await client.getNodeDefs();
  await client.connect();
  const result = await client.enqueue(graph, {
    // Otherwise this client draws the seeds of a graph itself.
    disable_random_seed: true,
    resolver: (before, output, { node_id }) => ({ ...before, data: { ...before.data, [node_id]: output } }),
  });
  console.log(JSON.stringify({ classes: Object.keys(nodes).length, outputs: result.data, ...heard }));
} catch (error) {
  console.log(JSON.stringify({ error: String(error?.message ?? error), ...heard }));
  process.exitCode = 1;
} finally {
  client.close();
}
