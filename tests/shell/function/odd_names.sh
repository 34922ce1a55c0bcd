a-b() { echo dash; }; a-b; a.b() { echo dot; }; a.b; 1a() { echo digit; }; 1a
