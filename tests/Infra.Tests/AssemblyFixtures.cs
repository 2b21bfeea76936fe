using WanTalk.Infra.Tests.Bicep;

[assembly: AssemblyFixture(typeof(Deployments))]
