/** A Koa that does nothing but answer: what the API's reads are measured against. Takes its port as its argument. */
import Koa from 'koa';

const app = new Koa();
app.use((ctx) => {
  ctx.body = { hello: 'there' };
});
app.listen(Number(process.argv[2]), '127.0.0.1');
