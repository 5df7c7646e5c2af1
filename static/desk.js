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
  const current = () => $('.item[aria-current]:not([aria-busy])') || free()[0];
  const go = (el, focus = true) => {
    if (!el) return;
    $$('.item[aria-current]').forEach((i) => i.removeAttribute('aria-current'));
    $$('.drop[open]').forEach((d) => { d.open = el.contains(d); });
    el.setAttribute('aria-current', 'true');
    if (focus) { el.focus({ preventScroll: true }); el.scrollIntoView({ block: 'nearest' }); }
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
  go(aimed || free()[0], !!aimed);

  /* What was decided last, and its Undo. Outlives the reload of an emptied list. */
  const noted = 'rejoinder:toast';
  const put = (form, name, value) => {
    const input = $(`input[name="${name}"]`, form) || document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  };
  const toast = ({ message, undo, tab }) => {
    const box = $('#toast')?.content.firstElementChild.cloneNode(true);
    if (!box) return;
    $$('.toast').forEach((t) => t.remove());
    $('p', box).textContent = message;
    const form = $('form', box);
    if (undo) {
      form.action = undo;
      put(form, 'csrf', $('[name=csrf]')?.value);
      put(form, 'tab', tab);
    } else form.remove();
    $('[data-toasts]').append(box);
  };
  try {
    const last = sessionStorage.getItem(noted);
    sessionStorage.removeItem(noted);
    if (last) toast(JSON.parse(last));
  } catch { /* no toast */ }

  const tally = (name, d) => $$(`[data-n="${name}"]`).forEach((n) => {
    if (/\+/.test(n.textContent)) return;
    const was = Number(n.textContent.replace(/\D/g, ''));
    n.textContent = new Intl.NumberFormat(root.lang).format(Math.max(0, was + d));
  });

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
      last = { ...await res.json(), tab: data.get('tab') };
      item.remove();
      tally(last.tab, -1);
      if (!data.get('revision') || button.value === 'spam') tally({ reject: 'rejected', spam: 'spam' }[button.value], 1);
      toast(last);
    } catch {
      refused ||= { form, button };
    }
    if (--pending) return;
    if (refused) {
      put(refused.form, button.name, refused.button.value);
      refused.form.submit();
    } else if (!$('.item')) {
      try { sessionStorage.setItem(noted, JSON.stringify(last)); } catch { /* lost with the page */ }
      location.reload();
    }
  };
  document.addEventListener('submit', (e) => {
    const form = e.target;
    const button = e.submitter || $('button', form);
    const item = form.closest('.item');
    if (form.method === 'dialog') return;
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
    const all = free();
    const at = all.indexOf(item);
    item.setAttribute('aria-busy', 'true');
    $$('.drop', item).forEach((d) => { d.open = false; });
    go(all[at + 1] || all[at - 1]);
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
      const rule = $$('[type=radio]', at.closest('form'))[e.key - 1];
      if (rule) { rule.checked = true; rule.focus(); }
      return;
    }
    if (at.matches('textarea, select, input') || (e.repeat && !/[jk]/.test(e.key))) return;
    const run = Object.hasOwn(keys, e.key) && keys[e.key];
    if (run) { e.preventDefault(); run(); }
  });
})();
