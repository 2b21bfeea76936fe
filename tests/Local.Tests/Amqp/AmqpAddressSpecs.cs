using WanTalk.Core.Errors;
using WanTalk.Local.Amqp;

namespace WanTalk.Local.Tests.Amqp;

public sealed class AmqpAddressSpecs
{
    [Theory]
    [InlineData("amqp://wantalk:p%40ss%2Fw%C3%B6rd@broker:1234/talks", "amqp://broker:1234/talks", "wantalk", "p@ss/wörd")]
    [InlineData("amqps://RootManage:k%2By%3D@space.example/talks", "amqps://space.example:5671/talks", "RootManage", "k+y=")]
    [InlineData("amqp://[::1]/a%2Fb", "amqp://::1:5672/a/b", null, null)]
    [InlineData("AMQP://broker/a/b", "amqp://broker:5672/a/b", null, null)]
    [InlineData("amqp://guest@broker/q", "amqp://broker:5672/q", "guest", null)]
    public void It_is_read_with_the_usual_ports_and_shows_without_its_password(string text, string shown, string? user, string? password)
    {
        var address = AmqpAddress.Parse(text);
        Assert.Equal((shown, user, password), (address.ToString(), address.User, address.Password));
    }

    [Theory]
    [InlineData("broker/talks")]
    [InlineData("http://me:hunter2@broker/talks")]
    [InlineData("amqp://me:hunter2@broker")]
    [InlineData("amqp://me:hunter2@broker/")]
    [InlineData("amqp://me:hunter2@broker/talks/")]
    [InlineData("amqp://me:hunter2@broker/talks?durable=true")]
    [InlineData("amqp://me:hunter2@broker/talks#1")]
    [InlineData("amqp://me:hun/ter2@broker/talks")]
    [InlineData("amqp://me:hunter2@broker:99999/talks")]
    [InlineData("amqp://")]
    public void What_is_none_is_refused_with_an_example_and_without_its_password(string text)
    {
        var refused = Assert.Throws<TalkException>(() => AmqpAddress.Parse(text));
        Assert.Equal(ErrorCode.ArgumentInvalid, refused.Error.Code);
        Assert.Contains("amqp://user:password@host:5672/queue", refused.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hun", refused.ToString(), StringComparison.Ordinal);
    }
}
