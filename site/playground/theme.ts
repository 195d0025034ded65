import { byId } from './dom.ts';

/** Where the pages of the site keep the choice, too: `light`, `dark` or `auto`. */
const KEY = 'vitepress-theme-appearance';

/** The button that turns the page dark or light. Without a choice the page is as the system is. */
export function startTheme(): void {
  const button = byId('theme', HTMLElement);
  const { style } = document.documentElement;
  const isDark = () =>
    style.colorScheme === 'dark' || (style.colorScheme === '' && matchMedia('(prefers-color-scheme: dark)').matches);
  const say = () => button.setAttribute('aria-pressed', String(isDark()));
  button.addEventListener('click', () => {
    style.colorScheme = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem(KEY, style.colorScheme);
    } catch {
      // A browser may keep nothing for files; then the choice is of this page alone.
    }
    say();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', say);
  say();
}
