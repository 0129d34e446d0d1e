// The reader's choice of light or dark, applied before anything is painted.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return localStorage.getItem("outcomes-theme");
    } catch {
      return null;
    }
  };
  const keep = (theme) => {
    try {
      localStorage.setItem("outcomes-theme", theme);
    } catch {
      // a browser that keeps nothing: the choice holds until the page is left
    }
  };
  const current = () => root.dataset.theme ?? (system.matches ? "dark" : "light");
  const other = () => (current() === "dark" ? "light" : "dark");
  const chosen = kept();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const name = () => {
      button.firstChild.data = other() === "dark" ? "Dark" : "Light"; // " theme" follows, unseen
    };
    button.addEventListener("click", () => {
      root.dataset.theme = other();
      keep(root.dataset.theme);
      name();
    });
    system.addEventListener("change", name);
    name();
  });
})();
