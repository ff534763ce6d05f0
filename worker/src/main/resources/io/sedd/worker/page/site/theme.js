// Before the first paint, so that nothing flashes; not a module for that reason.
(() => {
  const wanted = localStorage.getItem('sedd-theme');
  if (wanted === 'light' || wanted === 'dark') {
    document.documentElement.dataset.theme = wanted;
  }
})();
