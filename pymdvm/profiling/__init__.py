"""Where a program spends its time: samples, tables and flame graphs."""
