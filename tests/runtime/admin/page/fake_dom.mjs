// As much of a document as the page uses, so that its code runs without a
// browser. Nothing is laid out.

class Text {
  constructor(text) {
    this.textContent = text;
  }
}

class Element {
  constructor(document, tag) {
    this.ownerDocument = document;
    this.tagName = tag;
    this.childNodes = [];
    this.dataset = {};
    this.className = '';
    this.hidden = false;
    this.disabled = false;
    this.value = '';
    this.parentNode = null;
    this.attributes = new Map();
    this.listeners = new Map();
    this.scrollTop = this.clientHeight = this.scrollHeight = 0;
  }

  get children() {
    return this.childNodes.filter(each => each instanceof Element);
  }
  get firstElementChild() {
    return this.children[0] ?? null;
  }
  get lastElementChild() {
    return this.children.at(-1) ?? null;
  }
  get nextElementSibling() {
    const all = this.parentNode.children;
    return all[all.indexOf(this) + 1] ?? null;
  }
  get tBodies() {
    return this.children.filter(each => each.tagName === 'tbody');
  }
  get textContent() {
    return this.childNodes.map(each => each.textContent).join('');
  }
  set textContent(text) {
    this.replaceChildren(text);
  }

  append(...all) {
    for (const each of all)
      this.insertBefore(each, null);
  }
  replaceChildren(...all) {
    for (const each of [...this.childNodes])
      each.parentNode = null;
    this.childNodes = [];
    this.append(...all);
  }
  insertBefore(what, place) {
    const node = what instanceof Element ? what : new Text(`${what}`);
    node.parentNode?.childNodes.splice(
      node.parentNode.childNodes.indexOf(node), 1);
    const at = place === null ? this.childNodes.length
                              : this.childNodes.indexOf(place);
    if (at < 0)
      throw new Error('the place is not a child');
    this.childNodes.splice(at, 0, node);
    node.parentNode = this;
    this.ownerDocument.changes += 1;
    return node;
  }
  remove() {
    this.parentNode.childNodes.splice(
      this.parentNode.childNodes.indexOf(this), 1);
    this.parentNode = null;
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }
  setAttribute(name, value) {
    this.attributes.set(name, `${value}`);
    if (name === 'id')
      this.ownerDocument.ids.set(value, this);
  }

  addEventListener(name, act) {
    this.listeners.set(name, act);
  }
  /// As a person does: what is disabled does nothing.
  click() {
    if (this.disabled)
      return;
    this.listeners.get('click')?.({preventDefault() {}});
    this.onclick?.();
  }

  * all() {
    for (const each of this.children) {
      yield each;
      yield* each.all();
    }
  }
  querySelector(what) {
    const [, tag, act] = /^(\w+)(?:\[data-act="(\w+)"\])?$/.exec(what);
    for (const each of this.all())
      if (each.tagName === tag
          && (!act || each.getAttribute('data-act') === act))
        return each;
    return null;
  }
  querySelectorAll(what) {
    const [, tag] = /^:scope > (\w+)$/.exec(what);
    return this.children.filter(each => each.tagName === tag);
  }
}

/// Makes a document whose elements have the ids that stand in `html`.
export function makeDocument(html = '') {
  const document = {
    ids: new Map(), changes: 0, hidden: false, listeners: new Map(),
    createElement: tag => new Element(document, tag),
    createElementNS: (_, tag) => new Element(document, tag),
    getElementById: id => document.ids.get(id),
    addEventListener: (name, act) => document.listeners.set(name, act),
  };
  for (const [, tag, id] of html.matchAll(/<(\w+)[^>]*?\bid="([\w-]+)"/g))
    document.createElement(tag).setAttribute('id', id);
  return document;
}
