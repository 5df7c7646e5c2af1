/* Rejoinder, readers' pages. Optional: every action below also works as a plain link or form. */
(() => {
  'use strict';
  const $ = (sel, from = document) => from.querySelector(sel);
  const kept = (box, key, value) => {
    try {
      if (value === undefined) return box().getItem(key) || '';
      if (value) box().setItem(key, value); else box().removeItem(key);
      return true;
    } catch { return ''; }
  };
  const device = () => localStorage;
  const tab = () => sessionStorage;
  const draftKey = (slug) => `rejoinder:draft:${slug}`;
  const sentKey = (slug) => `rejoinder:sent:${slug}`;

  /* A receipt reached by sending from this tab: the draft has done its work. */
  const sent = $('main[data-sent]')?.dataset.sent;
  if (sent && kept(tab, sentKey(sent))) {
    kept(device, draftKey(sent), '');
    kept(tab, sentKey(sent), '');
  }

  const form = $('#reply-form');
  if (!form) return;
  const text = form.elements.body;
  const words = form.dataset;
  const say = (where, what) => {
    const el = $(where, form);
    if (el && el.textContent !== what) el.textContent = what;
  };

  /* Draft: kept on this device until its receipt is seen, or the field is emptied. */
  const key = draftKey(words.article);
  kept(tab, sentKey(words.article), '');
  const draft = kept(device, key);
  if (draft && !text.value) {
    text.value = draft;
    say('[data-draft]', words.tRestored);
  }
  let timer;
  const save = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    const value = text.value.trim() && text.value;
    if (kept(device, key, value)) say('[data-draft]', value && words.tSaved);
    count();
  };
  text.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(save, 500);
  });
  addEventListener('pagehide', save);
  form.addEventListener('submit', (e) => {
    save();
    if (e.submitter?.value !== 'preview') kept(tab, sentKey(words.article), '1');
  });

  /* Length: said only when little is left. A letter with its accents is one character. */
  const max = Number(words.max);
  const length = (s) => [...s].length; /* as the server counts: code points */
  function count() {
    const left = max - (text.value.length > max - 200 ? length(text.value) : 0);
    say('[data-left]', left < 200 ? words.tLeft?.replace('{n}', left) : '');
  }
  count();

  /* Reply in place: the one form moves under the comment it answers. */
  const parent = form.elements.parent;
  const target = $('[data-target]', form);
  const home = form.parentElement;
  document.addEventListener('click', (e) => {
    const link = e.target.closest('.c-body + p a[href*=reply_to], a[data-cancel]');
    if (!link || !parent || !target || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    const box = !link.matches('[data-cancel]') && link.closest('.comment');
    parent.value = box ? box.id.slice(2) : '';
    target.hidden = !box;
    const name = $('bdi', target);
    if (name) name.textContent = box ? $('bdi', box).textContent : '';
    const quote = $('blockquote', target);
    if (quote) quote.hidden = true;
    home.hidden = !!box;
    (box || home).append(form);
    text.focus();
    form.scrollIntoView({ block: 'nearest' });
  });
})();
