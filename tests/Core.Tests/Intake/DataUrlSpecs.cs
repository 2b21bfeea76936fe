using CsCheck;
using WanTalk.Core.Intake;

namespace WanTalk.Core.Tests.Intake;

public class DataUrlSpecs
{
    [Fact]
    public void Any_bytes_come_back() => Gen.Byte.Array[0, 100].Sample(bytes =>
        DataUrl.TryRead($"data:image/png;base64,{Convert.ToBase64String(bytes)}", out var read) && read.SequenceEqual(bytes));

    [Theory]
    [InlineData("data:image/png,abc")]
    [InlineData("data:image/png;base64")]
    [InlineData("data:image/png;base64,%%%")]
    [InlineData("data:image/png;base64,aé")]
    [InlineData("data:")]
    [InlineData("https://example.com/a;base64,aaaa")]
    public void What_is_none_is_refused(string text) => Assert.False(DataUrl.TryRead(text, out _));

    [Fact]
    public void Any_text_is_read_or_refused() => Gen.String.Sample(text => { DataUrl.TryRead(text, out _); DataUrl.TryRead($"data:;base64,{text}", out _); });
}
