"""The web page: pure render functions and the Gradio shell around them."""
