using WanTalk.Azurite;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
