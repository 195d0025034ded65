// What the page runs before anything else: the choice of colours, and loading the program when somebody does something, or
// where a link brings a spec. Until then the page shows its example, and costs nothing.
(function () {
  const { documentElement: root } = document;
  try {
    const choice = localStorage.getItem('vitepress-theme-appearance');
    if (choice === 'dark' || choice === 'light') root.style.colorScheme = choice;
  } catch {
    // Nothing is kept for this page.
  }
  const EVENTS = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'click', 'change'];
  let script;
  let missed;
  function load({ type, target } = {}) {
    if (type === 'click' && target.closest('button') !== null) missed = () => target.click();
    if (type === 'change') missed = () => target.dispatchEvent(new Event('change', { bubbles: true }));
    if (type === 'focusin' && target.matches('.waiting')) missed = () => document.querySelector('.cm-content')?.focus();
    if (script !== undefined) return;
    script = Object.assign(document.createElement('script'), { src: 'playground.js' });
    document.head.append(script);
  }
  for (const type of EVENTS) addEventListener(type, load, { capture: true, passive: true });
  addEventListener('playground-ready', () => {
    for (const type of EVENTS) removeEventListener(type, load, { capture: true });
    missed?.();
  });
  if (location.hash !== '') load();
})();
