product-name = Guichet
