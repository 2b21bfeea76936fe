using WanTalk.Azurite;
using WanTalk.Radosgw;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
[assembly: AssemblyFixture(typeof(RadosgwFixture))]
