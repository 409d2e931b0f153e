// Runs before the first paint: the chosen theme, else the one of the system.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('kindred-theme');
  } catch (e) {
    // no storage: the system decides
  }
  if (chosen === 'dark' || chosen === 'light') {
    document.documentElement.dataset.theme = chosen;
  }
})();
