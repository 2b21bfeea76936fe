using System.Net;
using System.Net.Sockets;
using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Storage.Fetching;

namespace WanTalk.Storage.Tests.Fetching;

/// <summary>Addresses by which a caller would have us ask our own network, our cloud's metadata, or our disk.</summary>
public sealed class HostileAddressSpecs
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    // Other ways than http.
    [InlineData("file:///etc/passwd")]
    [InlineData("file://localhost/etc/passwd")]
    [InlineData("ftp://8.8.8.8/speech.wav")]
    [InlineData("gopher://8.8.8.8:70/1")]
    [InlineData("ws://8.8.8.8/")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    [InlineData("ldap://8.8.8.8/")]
    [InlineData("jar:http://8.8.8.8/!/")]
    [InlineData("unix:/var/run/docker.sock")]
    [InlineData("\\\\8.8.8.8\\share\\speech.wav")]
    // Credentials, and what looks like a host in front of one.
    [InlineData("http://user:hunter2@8.8.8.8/")]
    [InlineData("http://s3cret@8.8.8.8/")]
    [InlineData("http://8.8.8.8@127.0.0.1/")]
    [InlineData("http://8.8.8.8:80@127.0.0.1/")]
    [InlineData("http://8.8.8.8%40127.0.0.1@10.0.0.1/")]
    // Loopback, in all its spellings.
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST:8188/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("http://127.0.0.1:6379/")]
    [InlineData("http://127.1/")]
    [InlineData("http://127.0.1/")]
    [InlineData("http://127.255.255.254/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0x7f.0x0.0x0.0x1/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://127.0.0.1.wildcard.example/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[0:0:0:0:0:0:0:1]:8188/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[64:ff9b::127.0.0.1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[64:ff9b:1::7f00:1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[2001:0:7f00:1::]/")]
    // This host.
    [InlineData("http://0/")]
    [InlineData("http://0.0.0.0:8188/")]
    [InlineData("http://[::]/")]
    // Metadata of clouds.
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01")]
    [InlineData("http://2852039166/latest/meta-data/")]
    [InlineData("http://0xA9FEA9FE/")]
    [InlineData("http://0251.0376.0251.0376/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://[2002:a9fe:a9fe::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://168.63.129.16/machine/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://192.0.0.192/")]
    [InlineData("http://metadata.example/")]
    // Private networks.
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://10.255.255.255/")]
    [InlineData("http://0xa000001/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://192.168.257/")]
    [InlineData("http://[::ffff:192.168.1.1]/")]
    [InlineData("http://[::ffff:0:10.0.0.1]/")]
    [InlineData("http://[64:ff9b::10.0.0.1]/")]
    [InlineData("http://[fc00::1]/")]
    [InlineData("http://[fd12:3456:789a::1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[fec0::1]/")]
    [InlineData("http://private.example/")]
    [InlineData("http://inside6.example/")]
    // What is no place at all.
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://240.0.0.1/")]
    [InlineData("http://192.0.2.1/")]
    [InlineData("http://198.18.0.1/")]
    [InlineData("http://198.51.100.1/")]
    [InlineData("http://203.0.113.1/")]
    [InlineData("http://192.88.99.1/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("http://[3fff::1]/")]
    [InlineData("http://[5f00::1]/")]
    public async Task Nothing_is_connected_to(string address)
    {
        var network = new KnownNetwork()
            .With("localhost", ["::1", "127.0.0.1"])
            .With("127.0.0.1.", ["127.0.0.1"])
            .With("127.0.0.1.wildcard.example", ["127.0.0.1"])
            .With("metadata.example", ["169.254.169.254"])
            .With("private.example", ["10.1.2.3", "192.168.0.1"])
            .With("inside6.example", ["fd00::1", "::ffff:10.0.0.1"]);
        using var fetcher = new GuardedFetcher(new FetchOptions(), TimeProvider.System, network);

        var refused = await Assert.ThrowsAsync<TalkException>(
            () => fetcher.FetchAsync(new Uri(address), new MemoryStream(), 100, TestEnd));
        Assert.True(refused.Error.Code == ErrorCode.AddressForbidden, refused.Message);
        Assert.Empty(network.Connected);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_address_of_a_special_network_is_refused_in_every_form_that_carries_it()
    {
        string[] special = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"];
        Gen.Select(Gen.Int[0, special.Length - 1], Gen.UInt, Gen.Int[0, 5]).Sample(
            (which, host, form) =>
            {
                var parsed = IPNetwork.Parse(special[which]);
                var mask = uint.MaxValue >> parsed.PrefixLength;
                var number = NumberOf(parsed.BaseAddress) | (host & mask);
                return Refused(form switch
                {
                    0 => $"http://{number}/",
                    1 => $"http://0x{number:x}/",
                    2 => $"http://0{Convert.ToString(number, 8)}/",
                    3 => $"http://[::ffff:{number >> 16:x}:{number & 0xffff:x}]/",
                    4 => $"http://[64:ff9b::{number >> 16:x}:{number & 0xffff:x}]/",
                    _ => $"http://[2002:{number >> 16:x}:{number & 0xffff:x}::1]/",
                });
            },
            iter: 500, threads: 1);

        static uint NumberOf(IPAddress address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
    }

    [Fact]
    public void Of_all_of_IPv6_only_what_is_routed_in_public_is_let_through() =>
        Gen.Byte.Array[16].Sample(
            bytes =>
            {
                var address = new IPAddress(bytes);
                return PublicAddresses.Contain(address) == ((bytes[0] & 0xE0) == 0x20) || (bytes[0] is 0x20 or 0x26 or 0x3f);
            },
            iter: 2000, threads: 1);

    [Theory]
    [InlineData("http://8.8.8.8/", "8.8.8.8")]
    [InlineData("https://1.1.1.1/", "1.1.1.1")]
    [InlineData("http://172.15.255.255/", "172.15.255.255")]
    [InlineData("http://172.32.0.0/", "172.32.0.0")]
    [InlineData("http://100.63.255.255:8080/", "100.63.255.255")]
    [InlineData("http://100.128.0.0/", "100.128.0.0")]
    [InlineData("http://168.63.129.17/", "168.63.129.17")]
    [InlineData("http://[2606:4700:4700::1111]/", "2606:4700:4700::1111")]
    [InlineData("http://[64:ff9b::8.8.8.8]/", "64:ff9b::808:808")]
    [InlineData("http://[::ffff:8.8.8.8]/", "::ffff:8.8.8.8")]
    [InlineData("http://mixed.example/", "9.9.9.9")]
    public async Task The_public_internet_is_connected_to_and_of_a_mixed_name_only_what_is_public(string address, string connected)
    {
        var network = new KnownNetwork().With("mixed.example", ["10.0.0.1", "9.9.9.9", "::1"]);
        using var fetcher = new GuardedFetcher(new FetchOptions(), TimeProvider.System, network);
        var refused = await Assert.ThrowsAsync<TalkException>(
            () => fetcher.FetchAsync(new Uri(address), new MemoryStream(), 100, TestEnd));
        Assert.Equal(ErrorCode.InputUnreachable, refused.Error.Code);
        Assert.All(network.Connected, one => Assert.Equal(IPAddress.Parse(connected), one));
        Assert.NotEmpty(network.Connected);
    }

    private static bool Refused(string address)
    {
        var url = new Uri(address);
        return IPAddress.TryParse(url.IdnHost, out var ip) && !PublicAddresses.Contain(ip)
            && ip.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;
    }
}
