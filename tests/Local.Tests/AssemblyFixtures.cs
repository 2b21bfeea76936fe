using WanTalk.RabbitMQ;

[assembly: AssemblyFixture(typeof(RabbitFixture))]
