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

  const isPlain = (e) => !(e.metaKey || e.ctrlKey || e.shiftKey || e.altKey);

  /* New comments: asked for once a minute while the page is seen. Without this, loading the page shows them. */
  const fresh = $('[data-counts]');
  if (fresh) {
    const { counts, page, count, newOther } = fresh.dataset;
    const plural = new Intl.PluralRules(fresh.lang);
    const here = location.pathname === page;
    const link = document.createElement('a');
    link.href = `${here ? page + location.search : page}#discussion`;
    link.addEventListener('click', (e) => {
      if (!here || !isPlain(e)) return;
      e.preventDefault();
      location.hash = link.hash;
      location.reload();
    });
    let least = Number(count);
    const show = (now) => {
      least = Math.min(least, now);
      const n = now - least;
      if (!n) return fresh.replaceChildren();
      const say = (fresh.getAttribute(`data-new-${plural.select(n)}`) || newOther).replace('{n}', n);
      if (link.textContent !== say) link.textContent = say;
      if (!link.isConnected) fresh.append(link);
    };
    let due = Date.now() + 60000;
    let timer;
    const ask = () => {
      clearTimeout(timer);
      if (document.hidden) return;
      if (Date.now() >= due) {
        due = Date.now() + 60000;
        fetch(counts).then((answer) => answer.json()).then((all) => show(Object.values(all)[0].comments)).catch(() => {});
      }
      timer = setTimeout(ask, due - Date.now());
    };
    document.addEventListener('visibilitychange', ask);
    ask();
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

  /* Length: said only when little is left. A person counts letters with their accents, the server counts code points:
     what is said is how many more like those typed it takes, never too many. */
  const max = Number(words.max);
  const segmenter = Intl.Segmenter && new Intl.Segmenter();
  function count() {
    const typed = text.value.normalize();
    const points = [...typed].length;
    const letters = segmenter ? [...segmenter.segment(typed)].length : points;
    const left = points ? Math.floor((max - points) * letters / points) : max;
    say('[data-left]', left < 200 ? words.tLeft?.replace('{n}', left) : '');
  }
  count();

  /* Reply in place: the one form moves under the comment it answers. */
  const parent = form.elements.parent;
  const target = $('[data-target]', form);
  const home = form.parentElement;
  document.addEventListener('click', (e) => {
    const link = e.target.closest('.c-body + p a[href*=reply_to], a[data-cancel]');
    if (!link || !parent || !target || !isPlain(e)) return;
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
