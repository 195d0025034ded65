/**
 * Makes a list of tabs work: arrow keys, Home and End move between them (WAI-ARIA practices, tabs). Calls `shown` with
 * the id of each that is selected, and returns what tells the id of the one that is.
 */
export function startTabs(list: HTMLElement, shown: (tab: string) => void): () => string {
  const tabs = [...list.querySelectorAll<HTMLButtonElement>('[role=tab]')];
  const select = (chosen: HTMLButtonElement) => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (panel !== null) panel.hidden = !isChosen;
    }
    shown(chosen.id);
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => select(tab));
    tab.addEventListener('keydown', (event) => {
      const last = tabs.length - 1;
      const next = {
        ArrowRight: index === last ? 0 : index + 1,
        ArrowLeft: index === 0 ? last : index - 1,
        Home: 0,
        End: last,
      };
      const target = tabs[next[event.key as keyof typeof next] ?? -1];
      if (target === undefined) return;
      event.preventDefault();
      select(target);
      target.focus();
    });
  }
  return () => tabs.find((tab) => tab.getAttribute('aria-selected') === 'true')?.id ?? '';
}
