case x in
 (y) echo no ;;

 # comment
 (x)
   echo yes
   ;;
esac
