(() => {
  const root = document.documentElement;
  const titles = { zh: document.title, en: root.dataset.titleEn };
  const show = (language) => {
    root.dataset.language = language;
    root.lang = language === 'en' ? 'en' : 'zh-CN';
    document.title = titles[language];
    for (const button of document.querySelectorAll('[data-show]'))
      button.setAttribute('aria-pressed', String(button.dataset.show === language));
  };
  const all = () => document.querySelectorAll('details');
  root.classList.add('scripted');
  show(new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'zh');
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button && button.dataset.show) show(button.dataset.show);
    if (button && button.dataset.open) for (const one of all()) one.open = button.dataset.open === 'all';
    const link = event.target.closest('a[href^="#r-"]');
    const target = link && document.getElementById(link.getAttribute('href').slice(1));
    if (target) target.open = true;
  });
  // Paper has no arrows to click.
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = [...all()].filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  addEventListener('afterprint', () => { for (const one of closed) one.open = false; });
})();
