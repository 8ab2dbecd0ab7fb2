// The page as a whole against three processes: its own code, on a document that
// is no browser's. Nodes are killed, stopped for a while, started again, and
// something else answers in their place.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

import {makeDocument} from './fake_dom.mjs';

const folder = mkdtempSync(join(tmpdir(), 'page-'));
const nodes = new Map();
const pause = ms => new Promise(done => setTimeout(done, ms));

async function start(name, more) {
  const child = spawn(process.env.PAGE_NODE, [
    `--name=${name}`, `--data=${folder}`, ...more]);
  const node = {child, name};
  nodes.set(name, node);
  let text = '';
  await new Promise((done, fail) => {
    const end = setTimeout(() => fail(new Error(`${name} is late`)), 15000);
    const read = part => {
      text += part;
      const line = text.split('\n').find(each => each.includes('node_started'));
      if (!line || !text.includes('\n', text.indexOf('node_started')))
        return;
      node.admin = /admin=127\.0\.0\.1:(\d+)/.exec(line)[1];
      node.listen = /listen=127\.0\.0\.1:(\d+)/.exec(line)?.[1]
        ?? /port=(\d+)/.exec(line)?.[1];
      clearTimeout(end);
      done();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', () => fail(new Error(`${name} ended: ${text}`)));
  });
  child.removeAllListeners('exit');
  return node;
}

async function kill(name) {
  const {child} = nodes.get(name);
  const gone = new Promise(done => child.on('exit', done));
  child.kill('SIGKILL');
  await gone;
}

async function until(what, good, seconds = 12) {
  const end = Date.now() + seconds * 1000;
  while (!good()) {
    if (Date.now() > end)
      throw new Error(`${what} did not come; the page shows:\n`
                      + page.getElementById('link').textContent + '\n'
                      + page.getElementById('nodes').textContent + '\n'
                      + page.getElementById('said').textContent);
    await pause(20);
  }
}

const html = readFileSync(join(process.env.PAGE_FILES, 'index.html'), 'utf8');
const page = globalThis.document = makeDocument(html);
const shown = id => page.getElementById(id).textContent;
const row = name => page.getElementById('nodes').children.find(
  each => each.dataset.key === name)?.textContent ?? '';
const buttons = label => [...page.getElementById('nodes').all()].filter(
  each => each.tagName === 'button' && each.textContent.startsWith(label));

async function watch(alpha) {
  const asked = [];
  const plain = globalThis.fetch;
  globalThis.fetch = (path, options) => {
    asked.push(path);
    return plain(`http://127.0.0.1:${alpha.admin}${path}`, options);
  };
  globalThis.confirm = () => true;
  await import(pathToFileURL(join(process.env.PAGE_FILES, 'main.js')));
  return asked;
}

async function seeCrashes() {
  await until('all nodes', () => ['alpha', 'beta', 'gamma'].every(
    name => row(name).includes('● serving')));
  buttons('▸ sick')[0].click();
  await until('a crash', () => /sick#1↻ waiting\d+\d+[01]in \d\.\d s/.test(
    row('alpha')));
  await until('a cool-down', () => row('alpha').includes('sick#1✖ failed'));
  await until('a recovery', () => row('alpha').includes('sick#1● up'));
  await until('events', () => shown('stream') === '● live'
    && shown('events').includes('child_failed'));
}

async function giveCommands() {
  assert.ok(buttons('Isolate').every(each => each.disabled));
  const use = token => {
    page.getElementById('token').value = token;
    page.getElementById('access').listeners.get('submit')(
      {preventDefault() {}});
  };
  use('wrong');
  assert.deepEqual(buttons('Isolate').map(each => each.disabled),
                   [false, true, true]);
  buttons('Isolate')[0].click();
  await until('a refusal', () => shown('said').includes('was refused'));
  assert.ok(!row('alpha').includes('Reopen'));
  use(JSON.parse(readFileSync(join(folder, 'alpha.admin'), 'utf8')).token);
  buttons('Isolate')[0].click();
  await until('an isolation', () => row('alpha').includes('Reopen'));
  await until('the change', () => shown('changes').includes('isolation'));
}

async function loseNodes(alpha) {
  await kill('gamma');
  await until('a lost node', () => row('gamma').includes('✖ lost'));
  await start('gamma', ['--admin=127.0.0.1:0', '--listen=127.0.0.1:0',
                        `--join=127.0.0.1:${alpha.listen}`]);
  await until('its return', () => row('gamma').includes('● serving'));
  nodes.get('beta').child.kill('SIGSTOP');
  await until('a silent node', () => /✖ lostdata|✖ lost data/.test(row('beta')));
  nodes.get('beta').child.kill('SIGCONT');
  await until('its answer', () => row('beta').includes('● serving'));
}

async function loseItsOwn(alpha) {
  await kill('alpha');
  await until('the loss', () => shown('link').includes('does not answer'));
  const proxy = createServer((_, answer) => {
    answer.writeHead(502, {'Content-Type': 'text/html'});
    answer.end('<h1>Bad Gateway</h1>');
  }).listen(Number(alpha.admin), '127.0.0.1');
  await pause(1500);
  assert.match(shown('link'), /does not answer; what is shown is \d+ s old/);
  proxy.closeAllConnections();
  await new Promise(done => proxy.close(done));
  const before = shown('events').length;
  await start('alpha', [`--admin=127.0.0.1:${alpha.admin}`,
                        `--listen=127.0.0.1:${alpha.listen}`]);
  await until('its return', () => shown('link').includes('● connected'));
  await until('its stream', () => shown('stream') === '● live'
    && shown('events').length > before, 20);
}

async function main() {
  const alpha = await start('alpha', ['--admin=127.0.0.1:0',
                                      '--listen=127.0.0.1:0']);
  const others = ['--admin=127.0.0.1:0', '--listen=127.0.0.1:0',
                  `--join=127.0.0.1:${alpha.listen}`];
  await Promise.all([start('beta', others), start('gamma', others)]);
  const asked = await watch(alpha);
  await seeCrashes();
  await giveCommands();
  await loseNodes(alpha);
  await loseItsOwn(alpha);
  assert.ok(asked.every(path => path.startsWith('/') && path[1] !== '/'));
}

let code = 0;
try {
  await main();
} catch (why) {
  console.error(why);
  code = 1;
}
for (const {child} of nodes.values())
  child.kill('SIGKILL');
rmSync(folder, {recursive: true, force: true});
process.exit(code);
