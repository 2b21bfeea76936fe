using WanTalk.Page.Tests.Support;

[assembly: AssemblyFixture(typeof(Browser))]
[assembly: AssemblyFixture(typeof(SharedServer))]
