'use strict';
(() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const form = document.getElementById('filter');
  const open = element => { for (let each = element; each; each = each.parentElement) if (each.matches('details')) each.open = true; };
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden) reset();
    open(target);
    target.scrollIntoView();
  };

  const items = all('[data-verdict]').map(element => ({
    element,
    verdict: element.dataset.verdict,
    text: [element.querySelector('summary') ?? element, element.querySelector('.facts')].map(each => each?.textContent ?? '').join(' ')
      .concat(' ', element.closest('.part')?.querySelector('h3')?.textContent ?? '').toLowerCase(),
  }));
  const find = document.getElementById('find');
  const boxes = all('#filter input[type=checkbox]');

  function apply() {
    const verdicts = new Set(boxes.filter(each => each.checked).map(each => each.value));
    const words = find.value.toLowerCase().split(/\s+/).filter(each => each);
    let shown = 0;
    for (const item of items) {
      const fits = item.verdict.split(' ').some(each => verdicts.has(each)) && words.every(word => item.text.includes(word));
      item.element.hidden = !fits;
      if (fits) shown++;
    }
    for (const part of all('.part')) part.hidden = !part.querySelector('[data-verdict]:not([hidden])');
    document.getElementById('nothing').hidden = shown > 0;
    document.getElementById('shown').textContent = `${shown} of ${items.length} shown`;
  }

  function reset() {
    find.value = '';
    for (const each of boxes) each.checked = true;
    apply();
  }

  if (form) {
    form.hidden = false;
    form.addEventListener('input', apply);
    form.addEventListener('submit', event => event.preventDefault());
    const set = value => { for (const each of all('.test:not([hidden])')) each.open = value; };
    document.getElementById('open-all')?.addEventListener('click', () => set(true));
    document.getElementById('close-all')?.addEventListener('click', () => set(false));
    document.addEventListener('keydown', event => {
      if (event.key !== '/' || event.target === find) return;
      event.preventDefault();
      find.focus();
    });
    apply();
  }

  // On paper nothing can be opened: what has not passed is.
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = all('.test:not(.pass):not(.not-applicable):not([open])');
    for (const each of opened) each.open = true;
  });
  addEventListener('afterprint', () => { for (const each of opened) each.open = false; });
  addEventListener('hashchange', reveal);
  reveal();
})();
