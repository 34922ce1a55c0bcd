> f echo first; cat f; echo a > f b c; cat f
