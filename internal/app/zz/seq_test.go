package zz
import ("testing";"context";"fmt";"time";"path/filepath"
"mingfa/internal/base/db";"mingfa/internal/base/id";"mingfa/internal/base/journal";"mingfa/internal/base/who")
func TestSeq(t *testing.T){
 ctx:=context.Background()
 d,err:=db.Open(ctx,"sqlite:"+filepath.Join(t.TempDir(),"a.db"),db.Options{Migrate:true}); if err!=nil{t.Fatal(err)}
 a:=who.System("x")
 org:=id.New()
 s,_:=journal.LoadSigner(t.TempDir())
 j,err:=journal.Open(ctx,d,journal.Config{Signer:s}); if err!=nil{t.Fatal(err)}
 var w,q time.Duration
 const N=60000
 for i:=0;i<N;i+=300{
   st:=time.Now()
   d.Do(ctx,a,func(tx *db.Tx)error{ for k:=0;k<300;k++{ r:=id.New(); if err:=journal.Write(tx,journal.Entry{Org:org,Root:r,Subject:r,Rev:1,Event:said{int64(k),"lawyer"}});err!=nil{return err}};return nil})
   w+=time.Since(st); st=time.Now()
   if _,err:=j.Sequence(ctx);err!=nil{t.Fatal(err)}
   q+=time.Since(st)
 }
 fmt.Printf("write %.2f sequence %.2f us\n",float64(w.Microseconds())/N,float64(q.Microseconds())/N)
}
