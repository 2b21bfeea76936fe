using System.Text;
using CsCheck;
using WanTalk.ComfyUI.Messages;

namespace WanTalk.ComfyUI.Tests.Messages;

public sealed class SocketMessageSpecs
{
    [Fact]
    public void Bare_not_a_number_and_infinities_are_nothing_and_the_rest_is_kept()
    {
        var message = Assert.IsType<ExecutedMessage>(Text("""{"type":"executed","data":{"node":"6","output":{"text":["NaN \" Infinity"],"shape":[NaN,-Infinity,Infinity,2]},"prompt_id":"p"}}"""));

        Assert.Equal("NaN \" Infinity", message.Output!["text"]![0]!.ToString());
        Assert.Equal("[null,null,null,2]", message.Output["shape"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"type":"crystools.monitor","data":{"cpu":1}}""")]
    [InlineData("""{"type":"progress","data":{"value":1}}""")]
    [InlineData("""{"type":"status","data":{}}""")]
    [InlineData("""{"type":"status"}""")]
    [InlineData("""{"type":7,"data":{}}""")]
    [InlineData("""{"type":"wantalk.window","data":{"prompt_id":"p","window":"x"}}""")]
    [InlineData("""{"type":"executing","data":{"node":"1","node":"2","prompt_id":"p"}}""")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("")]
    public void What_is_not_known_or_not_whole_is_ignored(string text) => Assert.Null(Text(text));

    [Fact]
    public void No_bytes_whatever_make_the_reader_throw() => Gen.Byte.Array[0, 64].Sample(bytes =>
    {
        SocketMessageReader.ReadText(bytes);
        SocketMessageReader.ReadBinary(bytes);
    });

    [Theory]
    [InlineData("\\udcff", "\ufffd")]
    [InlineData("\\ud83d", "\ufffd")]
    [InlineData("\\ud83d\\ude00", "\U0001F600")]
    [InlineData("\\ud83dx\\\\ud", "\ufffdx\\ud")]
    public void Half_a_surrogate_pair_in_a_name_does_no_harm(string escaped, string read)
    {
        var message = Assert.IsType<ExecutedMessage>(Text($$$"""{"type":"executed","data":{"node":"{{{escaped}}}","prompt_id":"p"}}"""));
        Assert.Equal(read, message.Node);
    }

    [Fact]
    public void Bytes_that_are_no_text_do_no_harm()
    {
        byte[] bytes = [.. """{"type":"executed","data":{"node":"a"""u8, 0xff, .. "\",\"prompt_id\":\"p\"}}"u8];
        Assert.Equal("a\ufffd", Assert.IsType<ExecutedMessage>(SocketMessageReader.ReadText(bytes)).Node);
    }

    [Fact]
    public void A_finished_window_names_its_files()
    {
        var message = Assert.IsType<WindowMessage>(Text("""
            {"type":"wantalk.window","data":{"prompt_id":"p","node":"213","window":4,"files":[
              {"name":"frames","window":4,"filename":"w-0004.mkv","subfolder":"wantalk/T","type":"output","sha256":"aa","bytes":12},
              {"name":"broken"}]}}
            """));

        Assert.Equal(new WanTalkFile("frames", "w-0004.mkv", "wantalk/T", "output", "aa", 12, 4), Assert.Single(message.Files));
    }

    [Fact]
    public void Both_kinds_of_preview_are_read()
    {
        var plain = SocketMessageReader.ReadBinary((byte[])[0, 0, 0, 1, 0, 0, 0, 2, 9, 8]);
        Assert.Equal(("image/png", 2), (Assert.IsType<PreviewMessage>(plain).MediaType, ((PreviewMessage)plain).Picture.Length));

        var about = Encoding.UTF8.GetBytes("""{"node_id":"3","prompt_id":"p","image_type":"image/jpeg"}""");
        var rich = SocketMessageReader.ReadBinary((byte[])[0, 0, 0, 4, 0, 0, 0, (byte)about.Length, .. about, 7]);
        var preview = Assert.IsType<PreviewMessage>(rich);
        Assert.Equal(("3", "p", "image/jpeg", 1), (preview.Node, preview.PromptId, preview.MediaType, preview.Picture.Length));
    }

    [Fact]
    public void A_socket_that_joins_late_is_told_the_node_without_the_prompt()
    {
        var message = Assert.IsType<ExecutingMessage>(Text("""{"type":"executing","data":{"node":"10"}}"""));
        Assert.Equal((null, "10"), (message.PromptId, message.Node));
    }

    private static SocketMessage? Text(string text) => SocketMessageReader.ReadText(Encoding.UTF8.GetBytes(text));
}
