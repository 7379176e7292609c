"""Charts as SVG, and the data behind them."""
