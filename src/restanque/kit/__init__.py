"""What every room shares on screen: lists, forms, slots, charts, maps, documents. No tables."""
