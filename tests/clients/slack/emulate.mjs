// A Slack workspace of others' making: the Slack service of npm `emulate`, on 127.0.0.1.
//
//   node slack/emulate.mjs '{"events": URL, "workspace": {...}}'     in tests/clients
//
// It prints its address as a line of JSON, and ends when its standard input does. emulate has no
// setting for where events are sent to, so its plugin is loaded into its own server here; and the
// server is older than the plugin, so it is told how the plugin wants to sign. Both are pinned.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as core from '@emulators/core';

const { events, workspace } = JSON.parse(process.argv[2]);
const dist = join(process.cwd(), 'node_modules', 'emulate', 'dist');
const holdsSlack = (file) =>
  /^dist-.*\.js$/.test(file) && readFileSync(join(dist, file), 'utf8').includes('"/api/chat.postMessage"');
const slack = await import(pathToFileURL(join(dist, readdirSync(dist).find(holdsSlack))));

let signed = () => ({});
core.WebhookDispatcher.prototype.setHeaderFactory = (headers) => {
  signed = headers;
};
const plainFetch = globalThis.fetch;
globalThis.fetch = (url, options = {}) => {
  const ours = String(url) === events ? signed({ body: options.body }) : {};
  return plainFetch(url, { ...options, headers: { ...options.headers, ...ours } });
};

let served;
const server = createServer(async (asked, answer) => {
  if (asked.url === '/kept/views') {
    answer.setHeader('Content-Type', 'application/json');
    answer.end(JSON.stringify(slack.getSlackStore(served.store).views.all()));
    return;
  }
  const parts = [];
  for await (const part of asked) parts.push(part);
  const body = ['GET', 'HEAD'].includes(asked.method) ? undefined : Buffer.concat(parts);
  const { method, headers } = asked;
  const said = await served.app.fetch(new Request(base + asked.url, { method, headers, body }));
  answer.writeHead(said.status, Object.fromEntries(said.headers));
  answer.end(Buffer.from(await said.arrayBuffer()));
});
await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
const base = `http://127.0.0.1:${server.address().port}`;
served = core.createServer(slack.slackPlugin, { port: server.address().port, baseUrl: base, tokens: {} });
slack.slackPlugin.seed?.(served.store, base);
slack.seedFromConfig(served.store, base, workspace);
served.webhooks.register({ url: events, events: ['*'], active: true, owner: 'slack' });
process.stdin.on('end', () => process.exit(0)).resume();
console.log(JSON.stringify({ base }));
