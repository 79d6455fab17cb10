// Only filters; the page is complete without it.
(function () {
  var bar = document.querySelector('.filters');
  var clauses = Array.prototype.slice.call(document.querySelectorAll('.clause'));
  var items = Array.prototype.slice.call(document.querySelectorAll('.item'));
  function show(wanted) {
    clauses.forEach(function (clause) {
      var verdict = clause.getAttribute('data-verdict');
      var judged = ['PASS', 'FAIL', 'MET', 'NOT_MET'].indexOf(verdict) !== -1;
      clause.hidden = wanted === 'all' ? false : wanted === 'judged' ? !judged : verdict !== wanted;
    });
    items.forEach(function (item) { item.hidden = item.querySelector('.clause:not([hidden])') === null; });
    bar.querySelectorAll('button').forEach(function (button) {
      button.setAttribute('aria-pressed', String(button.getAttribute('data-show') === wanted));
    });
  }
  bar.addEventListener('click', function (event) {
    var wanted = event.target.getAttribute('data-show');
    if (wanted) show(wanted);
  });
  // A link must never lead to something that a filter hides.
  window.addEventListener('hashchange', function () {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target === null) return;
    if (target.closest('[hidden]') === null) return;
    show('all');
    target.scrollIntoView();
  });
  bar.hidden = false;
})();
