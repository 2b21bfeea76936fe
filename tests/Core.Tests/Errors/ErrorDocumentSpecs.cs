using WanTalk.Core.Errors;

namespace WanTalk.Core.Tests.Errors;

public class ErrorDocumentSpecs
{
    [Fact]
    public void Every_code_is_in_the_document_and_no_other()
    {
        var codes = File.ReadLines(Path.Combine(Root(), "docs", "errors.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);
        Assert.Equal(Enum.GetValues<ErrorCode>().Select(ErrorCatalog.Name), codes);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WanTalk.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
