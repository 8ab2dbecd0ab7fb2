// Ways to change what is shown without making it anew, so that focus and what
// a screen reader reads stay where they are.

/// Makes an element; values of `with_` that are functions are listeners.
export function make(tag, with_ = {}, ...children) {
  const it = document.createElement(tag);
  for (const [key, value] of Object.entries(with_))
    if (typeof value === 'function')
      it.addEventListener(key, value);
    else
      it.setAttribute(key, value);
  it.append(...children);
  return it;
}

export function setText(of, text) {
  if (of.textContent !== text)
    of.textContent = text;
}

export function setClass(of, name) {
  if (of.className !== name)
    of.className = name;
}

export function setAttribute(of, name, value) {
  if (of.getAttribute(name) !== value)
    of.setAttribute(name, value);
}

/// Lets `parent` have one element for each item, in this order: those that are
/// there already are updated.
export function sync(parent, items, keyOf, create, update) {
  const known = new Map();
  for (const each of parent.children)
    known.set(each.dataset.key, each);
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let it = known.get(key);
    known.delete(key);
    if (!it) {
      it = create(item);
      it.dataset.key = key;
    }
    if (it === place)
      place = place.nextElementSibling;
    else
      parent.insertBefore(it, place);
    update(it, item);
  }
  for (const each of known.values())
    each.remove();
}

/// Lets a row have these cells; a text, or a function that fills it.
export function cells(row, values) {
  while (row.children.length < values.length)
    row.append(make('td'));
  values.forEach((value, i) => {
    const cell = row.children[i];
    if (typeof value === 'function')
      value(cell);
    else
      setText(cell, value);
  });
}

export function table(caption, heads) {
  return make('table', {},
    make('caption', {}, caption),
    make('thead', {}, make('tr', {},
      ...heads.map(head => make('th', {scope: 'col'}, head)))),
    make('tbody'));
}

const drawing = 'http://www.w3.org/2000/svg';

/// A line of what was, with words for who does not see it.
export function drawLine(cell, line) {
  let svg = cell.querySelector('svg');
  if (!svg) {
    svg = document.createElementNS(drawing, 'svg');
    svg.setAttribute('class', 'history');
    svg.setAttribute('viewBox', '0 0 100 20');
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('role', 'img');
    svg.append(document.createElementNS(drawing, 'polyline'));
    cell.append(svg);
  }
  setAttribute(svg, 'aria-label', line.words);
  setAttribute(svg.firstElementChild, 'points', line.points);
}
