// Plotly for our live charts (scatter and bar only), loaded once a page by shared/plotly.js and never saved into a notebook.
export { default } from "plotly.js-basic-dist-min";
