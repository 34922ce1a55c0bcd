f ( ) { echo 1; }; f; g(){ echo 2;}; g; h()
{
echo 3
}
h; i() (echo 4); i
