/* Rejoinder, moderator desk. Optional: every action below is a plain form first. */
(() => {
  'use strict';
  const root = document.documentElement;
  const $ = (sel, from = document) => from.querySelector(sel);
  const $$ = (sel, from = document) => [...from.querySelectorAll(sel)];
  root.classList.add('js');

  const dialog = $('#keys');
  const toggle = $('#keys-on');
  let on = true;
  try { on = localStorage.getItem('rejoinder:keys') !== 'off'; } catch { /* stays on */ }
  if (toggle) {
    toggle.checked = on;
    toggle.addEventListener('change', () => {
      on = toggle.checked;
      try { localStorage.setItem('rejoinder:keys', on ? 'on' : 'off'); } catch { /* this page only */ }
    });
  }
  document.addEventListener('click', (e) => {
    if (e.target.closest('[data-keys]')) dialog?.showModal();
  });

  /* The current item. One that is being sent takes no key. */
  const free = () => $$('.item:not([aria-busy])');
  const mine = (all) => all.find((i) => !i.matches('.claimed'));
  const next = (all, at) => mine(all.slice(at + 1)) || mine(all.slice(0, Math.max(0, at)));
  const current = () => $('.item[aria-current]:not([aria-busy])') || mine(free());
  const go = (el, focus = true) => {
    if (!el) return;
    $$('.item[aria-current]').forEach((i) => i.removeAttribute('aria-current'));
    $$('.drop[open]').forEach((d) => { d.open = el.contains(d); });
    el.setAttribute('aria-current', 'true');
    look(el);
    if (focus) { el.focus({ preventScroll: true }); el.scrollIntoView({ block: 'nearest' }); }
  };
  const claim = async (form, act) => {
    const data = new URLSearchParams(new FormData(form));
    data.set('do', act);
    try {
      const res = await fetch(form.action, { method: 'POST', body: data, headers: { Accept: 'application/json' } });
      return res.ok ? await res.json() : {};
    } catch { return {}; }
  };
  /* Whoever stays with an item for three seconds claims it lightly. */
  let looking;
  const look = (el) => {
    clearTimeout(looking);
    const form = $('form[action$="/claim"]', el);
    if (!form || el.matches('.claimed')) return;
    looking = setTimeout(async () => {
      if (document.hidden || !el.isConnected) return;
      const { claimed, says } = await claim(form, 'look');
      if (claimed !== false || !el.isConnected) return;
      el.classList.add('claimed');
      const line = Object.assign(document.createElement('p'), { className: 'claim', textContent: says });
      $('.acts', el).prepend(line);
      if (el === current()) { const all = free(); go(next(all, all.indexOf(el))); }
    }, 3000);
  };
  const step = (d) => {
    const all = free();
    go(all[Math.min(all.length - 1, Math.max(0, all.indexOf(current()) + d))]);
  };
  document.addEventListener('focusin', (e) => {
    const el = e.target.closest('.item:not([aria-current], [aria-busy])');
    if (el) go(el, false);
  });
  const aimed = free().find((i) => `#${i.id}` === location.hash);
  go(aimed || mine(free()) || free()[0], !!aimed);
  /* What was just done is said once: the address is a bookmark. */
  const address = new URL(location.href);
  ['done', 'bulk', 'said'].forEach((name) => address.searchParams.delete(name));
  history.replaceState(null, '', address);

  /* What was decided last, and its Undo. Outlives the reload of an emptied list. */
  const noted = 'rejoinder:toast';
  const put = (form, name, value) => {
    const input = $(`input[name="${name}"]`, form) || document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  };
  const toast = ({ message, undo, view }) => {
    const box = $('#toast')?.content.firstElementChild.cloneNode(true);
    if (!box) return;
    $$('.toast').forEach((t) => t.remove());
    $('p', box).textContent = message;
    const form = $('form', box);
    if (undo) {
      form.action = undo;
      put(form, 'csrf', $('[name=csrf]')?.value);
      put(form, 'view', view);
    } else form.remove();
    $('[data-toasts]').append(box);
  };
  try {
    const last = sessionStorage.getItem(noted);
    sessionStorage.removeItem(noted);
    if (last) toast(JSON.parse(last));
  } catch { /* no toast */ }

  /* What the tabs say, as the server counts it. */
  const tally = (counts) => Object.entries(counts).forEach(([name, n]) => {
    $$(`[data-n="${name}"]`).forEach((el) => { el.textContent = n; });
  });
  setInterval(async () => {
    if (document.hidden || pending) return;
    try {
      const res = await fetch('/moderation/counts', { headers: { Accept: 'application/json' } });
      if (!res.ok) return;
      const counts = await res.json();
      tally(counts);
      if ($('[data-watch]') && counts.waiting !== '0') location.reload();
    } catch { /* in a minute */ }
  }, 60000);

  /* Picked items. */
  const bulk = $('#bulk');
  const boxes = () => $$('[name=sel]');
  const pick = () => {
    const all = boxes();
    const n = all.filter((b) => b.checked).length;
    const box = $('#all');
    const words = $('[data-picked]');
    if (!box) return;
    words.dataset.none ||= words.textContent;
    words.textContent = n ? `${n} ${words.dataset.picked}` : words.dataset.none;
    box.checked = n > 0 && n === all.length;
    box.indeterminate = n > 0 && n < all.length;
  };
  document.addEventListener('change', (e) => {
    const at = e.target;
    if (at.id === 'all') boxes().forEach((b) => { b.checked = at.checked; });
    if (at.id === 'all' || at.name === 'sel') pick();
    if (at.name === 'saved') {
      const note = $('[name=note]', at.form);
      const text = $('#saved')?.content.querySelector(`[data-id="${at.value}"]`)?.textContent || '';
      const was = at.dataset.put || '';
      if (was && note.value.startsWith(was)) note.value = note.value.slice(was.length).trimStart();
      if (text) note.value = note.value ? `${text}\n\n${note.value}` : text;
      at.dataset.put = text;
    }
  });
  if (bulk) pick();

  /* Decide in place, one after another. A refused decision becomes the ordinary form post, once the rest are sent. */
  let line = Promise.resolve();
  let pending = 0;
  let refused;
  let last;
  const send = async (form, button, data) => {
    const item = form.closest('.item');
    try {
      const res = await fetch(form.action, {
        method: 'POST', body: new URLSearchParams(data), headers: { Accept: 'application/json' },
        keepalive: true, signal: AbortSignal.timeout(15000),
      });
      if (!res.ok) throw res;
      last = { ...await res.json(), view: data.get('view') };
      item.remove();
      tally(last.counts);
      pick();
      toast(last);
    } catch (why) {
      if (why instanceof Response) refused ||= { form, button };
      else {
        item.removeAttribute('aria-busy');
        toast({ message: $('[data-toasts]').dataset.lost });
      }
    }
    if (--pending) return;
    if (refused) {
      put(refused.form, button.name, refused.button.value);
      refused.form.submit();
    } else if (!$('.item:not(.claimed)')) {
      try { sessionStorage.setItem(noted, JSON.stringify(last)); } catch { /* lost with the page */ }
      location.reload();
    }
  };
  document.addEventListener('submit', (e) => {
    const form = e.target;
    const button = e.submitter || $('button', form);
    const item = form.closest('.item');
    if (form.method === 'dialog') return;
    if (item && form.matches('[data-skip]')) {
      const all = free();
      const onward = mine(all.slice(all.indexOf(item) + 1));
      if (!onward) return;
      e.preventDefault();
      const held = $('form[action$="/claim"]', item);
      if (held) claim(held, 'release');
      go(onward);
      return;
    }
    if (!item || !form.matches('[data-inline]')) {
      if (!pending) return;
      e.preventDefault();
      line.then(() => {
        if (!form.isConnected) { form.hidden = true; document.body.append(form); }
        form.requestSubmit(button);
      });
      return;
    }
    e.preventDefault();
    if (item.hasAttribute('aria-busy')) return;
    const data = new FormData(form);
    data.append(button.name, button.value);
    /* What was chosen stands in the note already. */
    if ($('[name=saved]', form)?.dataset.put) data.delete('saved');
    const all = free();
    const at = all.indexOf(item);
    item.setAttribute('aria-busy', 'true');
    $$('.drop', item).forEach((d) => { d.open = false; });
    go(next(all, at));
    pending += 1;
    line = line.then(() => send(form, button, data));
  });
  addEventListener('beforeunload', (e) => { if (pending) e.preventDefault(); });
  addEventListener('pageshow', (e) => { if (e.persisted) location.reload(); });

  /* Keys */
  const press = (sel) => { const el = current(); if (el) $(sel, el)?.click(); };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press('[data-key=a]'),
    s: () => press('[data-key=s]'),
    o: () => press('[data-key=o]'),
    r: () => {
      const el = current();
      const menu = el && $('[data-key=r]', el);
      if (menu) { go(el); menu.open = true; $('[type=radio]', menu).focus(); }
    },
    x: () => press('[name=sel]'),
    '/': () => $('#q')?.focus(),
    u: () => line.then(() => $('[data-undo]')?.click()),
    '?': () => dialog?.showModal(),
  };
  document.addEventListener('keydown', (e) => {
    const at = e.target;
    if (e.key === 'Escape') {
      const menu = at.closest('details[open]');
      if (menu) { menu.open = false; $('summary', menu).focus(); }
      return;
    }
    if (!on || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || dialog?.open) return;
    if (at.matches('[type=radio]') && /^[1-9]$/.test(e.key)) {
      const rule = $(`[type=radio][value="${e.key}"]`, at.closest('form'));
      if (rule) { rule.checked = true; rule.focus(); }
      return;
    }
    if (at.matches('textarea, select, input:not([type=checkbox])') || (e.repeat && !/[jk]/.test(e.key))) return;
    const run = Object.hasOwn(keys, e.key) && keys[e.key];
    if (run) { e.preventDefault(); run(); }
  });
})();
