// Makes the page of numbers quicker: a chosen month opens at once, and on a wide screen the picture answers the mouse.
// Without this file the drawing, the tables and the buttons stay as they are.

document.querySelectorAll("select[data-go]").forEach((choice) => {
  choice.form.querySelector("[data-go-button]").hidden = true;
  choice.addEventListener("change", () => choice.form.submit());
});

// plotly.js is 1.4 MB to fetch: not on a phone, and not for who asked her browser to save data.
const plot = document.getElementById("plot");
if (plot && window.matchMedia("(min-width: 48rem)").matches && !navigator.connection?.saveData) {
  const library = document.createElement("script");
  library.src = plot.dataset.library;
  library.async = true;
  library.addEventListener("load", () => {
    const { data, layout } = JSON.parse(document.getElementById("plot-data").textContent);
    plot.querySelectorAll(".drawing").forEach((drawing) => drawing.remove());
    window.Plotly.newPlot(plot, data, layout, { displayModeBar: false, responsive: true });
  });
  document.head.append(library);
}
