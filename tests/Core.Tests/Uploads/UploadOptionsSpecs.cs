using WanTalk.Core.Errors;
using WanTalk.Core.Uploads;

namespace WanTalk.Core.Tests.Uploads;

public sealed class UploadOptionsSpecs
{
    [Fact]
    public void They_are_read_from_the_environment()
    {
        var variables = new Dictionary<string, string> { [UploadOptions.MaxBytesVariable] = "1048576", [UploadOptions.MostPerCallerVariable] = "7" };

        Assert.Equal(new UploadOptions { MaxBytes = 1 << 20, MostPerCaller = 7 }, UploadOptions.FromEnvironment(variables.GetValueOrDefault));
        Assert.Equal(new UploadOptions(), UploadOptions.FromEnvironment(_ => null));
    }

    [Theory]
    [InlineData(UploadOptions.MaxBytesVariable, "1048575")]
    [InlineData(UploadOptions.MaxBytesVariable, "8589934593")]
    [InlineData(UploadOptions.MaxBytesVariable, "many")]
    [InlineData(UploadOptions.MostPerCallerVariable, "0")]
    [InlineData(UploadOptions.MostPerCallerVariable, "-1")]
    public void One_that_is_wrong_is_named(string variable, string value)
    {
        var refused = Assert.Throws<TalkException>(() => UploadOptions.FromEnvironment(name => name == variable ? value : null));
        Assert.Contains(variable, refused.Error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("ff6956a2b04t5mbjk8hhq2n0w9rzcv1xse7d")]
    [InlineData("006956A2B04T5MBJK8HHQ2N0W9RZCV1XSE7D")]
    [InlineData("006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d\n")]
    [InlineData(null)]
    public void What_is_no_id_is_not_taken_for_one(string? text) => Assert.False(UploadId.IsValid(text));

    [Fact]
    public void An_id_says_its_end_and_ids_are_in_the_order_of_their_ends()
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(1_767_355_445);
        var (first, second) = (UploadId.New(end), UploadId.New(end.AddSeconds(1)));

        Assert.True(UploadId.IsValid(first));
        Assert.Equal(end, UploadId.UsableUntil(first));
        Assert.True(string.CompareOrdinal(first, second) < 0);
    }
}
