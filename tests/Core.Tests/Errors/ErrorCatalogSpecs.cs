using WanTalk.Core.Errors;

namespace WanTalk.Core.Tests.Errors;

public class ErrorCatalogSpecs
{
    [Fact]
    public void Every_code_has_a_name_of_its_own_by_which_it_is_found()
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            var name = ErrorCatalog.Name(code);
            Assert.Matches("^[a-z]+(_[a-z]+)*$", name);
            Assert.True(ErrorCatalog.TryFind(name, out var found));
            Assert.Equal(code, found);
        }
    }

    [Fact]
    public void An_error_survives_its_way_through_an_exceptions_text()
    {
        var error = new TalkError(ErrorCode.SpeechSilent, "Nothing is heard: give another.");
        Assert.Equal(error, TalkError.Parse(error.ToString()));
    }

    [Theory]
    [InlineData("something broke")]
    [InlineData("what: is this")]
    [InlineData("")]
    public void Any_other_text_is_a_fault_of_our_own(string text) =>
        Assert.Equal(new TalkError(ErrorCode.Internal, text), TalkError.Parse(text));

    [Fact]
    public void Wrong_input_is_never_worth_a_retry() =>
        Assert.All(
            Enum.GetValues<ErrorCode>().Where(code => ErrorCatalog.KindOf(code) == ErrorKind.Input),
            code => Assert.False(ErrorCatalog.CanRetry(code)));
}
