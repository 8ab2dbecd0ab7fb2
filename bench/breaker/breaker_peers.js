// Question: what does a call through a breaker with a window cost, beside
// cockatiel and opossum, which do the same for JavaScript?
//
//   npm install cockatiel opossum
//   node breaker_peers.js path/to/bench_breaker
//
// Sides in turn, five times; the figures are medians, in nanoseconds per call.
// The time of a bare asynchronous call is taken off theirs.

const { execFileSync } = require('child_process');
const { circuitBreaker, handleAll, CountBreaker, SamplingBreaker } =
  require('cockatiel');
const Opossum = require('opossum');

const turns = 5;
const calls = 200000;

const work = async () => 1;

async function timeOf(call) {
  for (let i = 0; i < calls / 10; ++i) await call();
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; ++i) await call();
  return Number(process.hrtime.bigint() - start) / calls;
}

function ours(into) {
  const out = execFileSync(
    process.argv[2], ['--rounds', '3', '--calls', String(calls)]);
  for (const line of out.toString().split('\n')) {
    const [name, value, unit] = line.split(' ');
    if (unit === 'ns' && name.includes('window_threads1'))
      (into[name] ??= []).push(Number(value));
  }
}

const cockatiel = (breaker) =>
  circuitBreaker(handleAll, { halfOpenAfter: 60000, breaker });
const theirs = {
  breaker_cockatiel_count_window: () => {
    const breaker = cockatiel(new CountBreaker(
      { threshold: 0.5, size: 100, minimumNumberOfCalls: 20 }));
    return () => breaker.execute(work);
  },
  breaker_cockatiel_time_window: () => {
    const breaker = cockatiel(new SamplingBreaker(
      { threshold: 0.5, duration: 10000, minimumRps: 2 }));
    return () => breaker.execute(work);
  },
  breaker_opossum_time_window: () => {
    const breaker = new Opossum(work, {
      errorThresholdPercentage: 50, rollingCountTimeout: 10000,
      rollingCountBuckets: 10, timeout: false, resetTimeout: 60000,
    });
    return () => breaker.fire();
  },
};

async function main() {
  const figures = {};
  for (let i = 0; i < turns; ++i) {
    ours(figures);
    const bare = await timeOf(work);
    for (const [name, make] of Object.entries(theirs))
      (figures[name] ??= []).push(await timeOf(make()) - bare);
  }
  for (const [name, values] of Object.entries(figures)) {
    values.sort((a, b) => a - b);
    console.log(name, values[(turns - 1) / 2].toFixed(1), 'ns');
  }
  process.exit(0);
}

main();
