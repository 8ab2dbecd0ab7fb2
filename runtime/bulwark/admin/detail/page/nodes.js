// How nodes, their services, replicas and compartments are shown.

import {cells, drawLine, make, setAttribute, setClass, setText, sync, table}
  from './dom.js';
import {ageText, lineOf, pageOfChildren, retryText, signOf} from './model.js';

function state(name) {
  return cell => {
    const sign = signOf(name);
    setText(cell, sign.text);
    setClass(cell, sign.kind);
  };
}

function rate(value) {
  return value === null || value === undefined ? '–' : value.toFixed(1);
}

/// A button that stays where it is while what stands around it changes.
function action(cell, key, label, name, enabled, act) {
  let button = cell.querySelector(`button[data-act="${key}"]`);
  if (!button) {
    button = make('button', {type: 'button', 'data-act': key,
                             click: () => button.act()});
    cell.append(button, ' ');
  }
  button.act = act;
  setText(button, label);
  setAttribute(button, 'aria-label', `${label} ${name}`);
  button.disabled = !enabled;
}

/// `how`: who carries out commands and asks for children, and what is known.
export class NodeList {
  #how;
  #open = new Map();

  constructor(how) {
    this.#how = how;
  }

  draw(root, model, now) {
    const all = [...model.nodes].map(([name, it]) => ({name, ...it}))
      .sort((a, b) => a.name < b.name ? -1 : 1);
    sync(root, all, it => it.name, () => this.#makeNode(),
         (to, it) => this.#drawNode(to, it, model, now));
  }

  #makeNode() {
    const services = table('Services', ['Service', 'State', 'Replicas up',
      'Restarts left', 'Next retry', 'In flight', 'Waiting', 'Ok per s',
      'Failed per s', 'Breaker', 'Breaker failures', 'Commands']);
    const bulkheads = table('Bulkheads', ['Bulkhead', 'State', 'Isolation',
      'In use', 'Use', 'Waiting', 'Refused', 'Commands']);
    const it = make('details', {open: ''}, make('summary', {},
      make('strong'), ' ', make('span'), ' ', make('span')),
      services, bulkheads);
    return it;
  }

  #drawNode(to, it, model, now) {
    const [name, phase, age] = to.firstElementChild.children;
    setText(name, it.name);
    const old = it.at === null ? 'nothing known of it'
      : `data ${ageText(now - it.at)} old`;
    const shown = signOf(it.why ? 'lost' : it.view.health.phase);
    setText(phase, shown.text);
    setClass(phase, shown.kind);
    setText(age, it.why ? `${old}; ${it.why}` : old);
    setClass(age, it.why || now - it.at > 10000 ? 'old' : '');
    const [services, bulkheads] = to.querySelectorAll(':scope > table');
    services.hidden = bulkheads.hidden = !it.view;
    if (!it.view)
      return;
    const own = it.name === model.self && !it.why;
    this.#drawServices(services.tBodies[0], it, model, own, now);
    this.#drawBulkheads(bulkheads.tBodies[0], it, model, own);
    bulkheads.hidden = it.view.bulkheads.length === 0;
  }

  #drawServices(body, node, model, own, now) {
    const rows = [];
    const services = node.view.health.services;
    const known = new Set(services.map(each => each.service));
    const others = node.view.root.children.filter(each => !known.has(each.id));
    for (const service of [...services, ...others.map(
      each => ({service: each.id, state: each.state, child: true}))]) {
      rows.push({service, key: `service ${service.service}`});
      if (this.#open.has(`${node.name}/${service.service}`))
        rows.push({service, key: `children ${service.service}`, inner: true});
    }
    sync(body, rows, it => it.key, () => make('tr'), (row, it) => it.inner
      ? this.#drawChildren(row, node, it.service.service, own, now)
      : this.#drawService(row, node, it.service, model, own, now));
  }

  #drawService(row, node, it, model, own, now) {
    const name = it.service;
    const branch = node.view.root.children.find(each => each.id === name) ?? {};
    const breaker = node.view.breakers.find(each => each.service === name);
    const rates = node.rates?.[name] ?? {};
    cells(row, [
      cell => this.#drawUnfold(cell, node, name),
      state(it.state),
      it.child ? '–' : `${it.replicas_up} of ${it.replicas}`,
      branch.restarts_left === undefined ? '–' : `${branch.restarts_left}`,
      retryText(branch, node.at, now) || '–',
      `${it.in_flight ?? '–'}`, `${it.waiting ?? '–'}`,
      rate(rates.ok), rate(rates.failed),
      breaker ? state(breaker.state) : '–',
      breaker ? cell => drawLine(cell,
        lineOf(model.histories.get(`${node.name}/breaker/${name}`) ?? [], 5))
        : '–',
      cell => action(cell, 'restart', 'Restart', name,
                     own && it.replicas > 0 && this.#how.mayChange(),
                     () => this.#how.change('restart', {child: name})),
    ]);
  }

  #drawUnfold(cell, node, name) {
    const key = `${node.name}/${name}`;
    const page = node.view.supervisors[name];
    if (!page)
      return setText(cell, name);
    let button = cell.querySelector('button');
    if (!button) {
      cell.replaceChildren();
      button = make('button', {type: 'button', click: () => {
        if (!this.#open.delete(key))
          this.#open.set(key, {all: null, at: 0, total: 0});
        this.#how.redraw();
      }});
      cell.append(button);
    }
    const open = this.#open.has(key);
    setAttribute(button, 'aria-expanded', `${open}`);
    setText(button, `${open ? '▾' : '▸'} ${name} (${page.total})`);
  }

  #drawChildren(row, node, service, own, now) {
    if (row.children.length === 0) {
      const inner = table(`Replicas of ${service}`, ['Replica', 'State',
        'Start', 'Restarts', 'Restarts left', 'Next retry', 'Commands']);
      row.append(make('td', {colspan: '12'}, make('div', {class: 'children'},
        make('p'), inner, make('button', {type: 'button'}))));
    }
    const [words, list, more]
      = row.firstElementChild.firstElementChild.children;
    const open = this.#open.get(`${node.name}/${service}`);
    const fresh = node.view.supervisors[service];
    if (!fresh)
      return setText(words, 'Its supervisor does not answer.');
    const shown = this.#shown(open, fresh, node.at);
    setText(words, Object.entries(fresh.states)
      .map(([name, n]) => `${n} ${name}`).join(', '));
    sync(list.tBodies[0], shown, it => it.id, () => make('tr'),
         (line, it) => cells(line, [
           it.id, state(it.state), `${it.incarnation}`, `${it.restarts}`,
           it.restarts_left === undefined ? 'no limit' : `${it.restarts_left}`,
           retryText(it, it.at, now) || '–',
           cell => action(cell, 'restart', 'Restart', it.id,
                          own && this.#how.mayChange(),
                          () => this.#how.change('restart', {child: it.id})),
         ]));
    const left = fresh.total - shown.length;
    more.hidden = left <= 0;
    setText(more, `Show ${Math.min(left, pageOfChildren)} more of ${left}`);
    more.onclick = () => this.#unfoldMore(open, node, service, shown.length);
  }

  /// What was unfolded before, with what is newer of its begin.
  #shown(open, fresh, at) {
    const all = open.all ?? [];
    fresh.children.forEach((each, i) => all[i] = {...each, at});
    open.all = all.slice(0, Math.max(fresh.total, 0));
    return open.all;
  }

  async #unfoldMore(open, node, service, from) {
    const got = await this.#how.children(node.name, service, from);
    if (!got)
      return;
    const at = Date.now();
    got.children.forEach((each, i) => open.all[from + i] = {...each, at});
    this.#how.redraw();
  }

  #drawBulkheads(body, node, model, own) {
    sync(body, node.view.bulkheads, it => it.bulkhead, () => make('tr'),
         (row, it) => cells(row, [
      it.bulkhead, state(it.state), it.draining ? 'draining' : it.isolation,
      `${it.in_use} of ${it.limit}`,
      cell => drawLine(cell, lineOf(
        model.histories.get(`${node.name}/bulkhead/${it.bulkhead}`) ?? [],
        it.limit)),
      `${it.waiting}`, `${it.refusals}`,
      cell => {
        const shut = it.isolation !== 'none' || it.draining;
        action(cell, 'door', shut ? 'Reopen' : 'Isolate', it.bulkhead,
               own && this.#how.mayChange(),
               () => this.#how.change(shut ? 'reopen' : 'isolate',
                                      {bulkhead: it.bulkhead}));
      },
    ]));
  }
}
